# Numbers for tests/ref/msm.c: Rscript msm.R DATA > msm_numbers.h, DATA the folder of public sets.
suppressMessages(library(msm))
d <- function(f) read.csv(file.path(commandArgs(TRUE)[1], f))
cat(sprintf("/* Written by msm.R: msm %s on %s. */\n", packageVersion("msm"), R.version.string))
put <- function(name, x) cat(sprintf("static const double %s[] = {%s};\n", name,
                                     paste(sprintf("%.13g", x), collapse = ", ")))
near <- function(p) list(reltol = 1e-15, maxit = 5000, fnscale = 1000, ndeps = rep(1e-4, p))
# optim ends up to 1e-3 of a standard error short: nlm from there, and optim again for the curvature
best <- function(states, data, q, ...) {
  pars <- function(f) { q[q > 0] <- qmatrix.msm(f, covariates = 0, ci = "none")[q > 0]; q }
  x <- list(...)$covariates
  n <- sum(q > 0) * (1 + if (is.null(x)) 0 else length(all.vars(x)))
  fit <- function(q, f, ...) {
    inits <- if (is.null(f) || is.null(x)) NULL else
      sapply(all.vars(x), function(v) t(log(hazard.msm(f, cl = .95)[[v]][, "HR"])), simplify = FALSE)
    suppressWarnings(msm(states, ptnum, data = data, qmatrix = q, center = FALSE, covinits = inits, ...))
  }
  f <- fit(q, NULL, gen.inits = TRUE, control = near(n), ...)
  g <- fit(pars(f), f, opt.method = "nlm", gradtol = 1e-12, steptol = 1e-14, iterlim = 1000, ...)
  h <- fit(pars(g), g, control = near(n), ...)
  stopifnot(h$foundse, h$minus2loglik <= f$minus2loglik + 1e-9)
  h
}
all <- function(name, ...) { # log rates by transition, then log rate ratios by covariate
  f <- best(...)
  put(paste0(name, "_beta"), f$estimates[!names(f$estimates) %in% "initp"])
  put(paste0(name, "_se"), sqrt(diag(f$covmat)))
  put(paste0(name, "_ll"), -f$minus2loglik / 2)
  f
}
four <- rbind(c(0, .1, 0, 0), c(0, 0, .1, 0), c(0, 0, 0, .1), 0)
p <- d("msm/psor.csv")
f <- all("psor", state ~ months, p, four)
chance <- function(b) { q <- four; q[q > 0] <- exp(b); diag(q) <- -rowSums(q); as.vector(MatrixExp(q, 5)) }
b <- f$estimates # rows from 1 to 3, one rate each: the order of q[q > 0] too
j <- sapply(1:3, function(i) { h <- 1e-5 * (seq_along(b) == i); (chance(b + h) - chance(b - h)) / 2e-5 })
stopifnot(all.equal(chance(b), as.vector(pmatrix.msm(f, t = 5))))
put("psor_chance", chance(b))
put("psor_chance_se", sqrt(rowSums((j %*% f$covmat) * j)))
p <- p[complete.cases(p), ]
f <- all("psor_x", state ~ months, p, four, covariates = ~ hieffusn + ollwsdrt)
both <- rbind(c(0, .01, 0, 0), c(.01, 0, .01, 0), c(0, .01, 0, .01), c(0, 0, .01, 0))
f <- all("aneur", state ~ age, d("msm/aneur.csv"), both)
bos <- d("msm/bos.csv")
lung <- rbind(c(0, .1, 0, 0, .1), c(0, 0, .1, 0, .1), c(0, 0, 0, .1, .1), c(0, 0, 0, 0, .1), 0)
f <- all("bos", state ~ time, bos, lung, deathexact = 5)
f <- all("bos_snapshot", state ~ time, bos, lung)
# every 4th row that is not a subject's first nor a death: one of states 1 to 4
sets <- bos
first <- !duplicated(sets$ptnum)
sets$state[seq_len(nrow(sets)) %% 4 == 0 & !first & sets$state < 5] <- 99
f <- all("bos_sets", state ~ time, sets, lung, deathexact = 5, censor = 99, censor.states = 1:4)
# as if the histories had been seen whole
f <- all("exact", state ~ time, bos, lung, exacttimes = TRUE)
