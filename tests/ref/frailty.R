# Numbers for tests/ref/frailty.c: Rscript frailty.R DATA > frailty_numbers.h. survival's penalised
# fits, not sparse, at fixed theta; the likelihood with the groups integrated out maximised here, as
# survival's own search for theta stops after a few digits and its gaussian one is not this criterion.
suppressMessages(library(survival))
d <- function(f) read.csv(file.path(commandArgs(TRUE)[1], f), stringsAsFactors = TRUE)
cat(sprintf("/* Written by frailty.R: survival %s on %s. */\n", packageVersion("survival"), R.version.string))
put <- function(name, x) cat(sprintf("static const double %s[] = {%s};\n", name,
                                     paste(sprintf("%.12g", x), collapse = ", ")))
near <- coxph.control(eps = 1e-12, iter.max = 100, toler.chol = 1e-14, outer.max = 1)
fit <- function(y, x, id, theta, kind, ties) suppressWarnings(
  coxph(y ~ x + frailty(id, distribution = kind, theta = theta, sparse = FALSE), ties = ties, control = near))
marginal <- function(f, y, id, theta, kind, p) {
  b <- f$coefficients[-(1:p)]
  if (length(b) == 0) b <- f$frail
  if (kind == "gaussian") # Laplace: the determinant of the groups' block of the information
    return(f$loglik[2] - sum(b^2) / (2 * theta) - length(b) * log(theta) / 2 -
             (determinant(solve(f$var))$modulus + determinant(f$var[1:p, 1:p, drop = FALSE])$modulus) / 2)
  nu <- 1 / theta
  n <- tapply(y[, "status"], id, sum)
  f$loglik[2] - nu * sum(exp(b) - 1 - b) +
    sum(lgamma(nu + n) - lgamma(nu) - n * log(nu) - (nu + n) * log1p(n / nu) + n)
}
all <- function(name, y, x, id, kind, ties = "efron") {
  id <- factor(id)
  p <- ncol(x)
  best <- optimize(function(t) { f <- fit(y, x, id, exp(t), kind, ties); marginal(f, y, id, exp(t), kind, p) },
                   c(-4, 2), maximum = TRUE, tol = 1e-7)
  f <- fit(y, x, id, exp(best$maximum), kind, ties)
  put(paste0(name, "_beta"), f$coefficients[1:p])
  put(paste0(name, "_se"), sqrt(diag(f$var)[1:p]))
  put(paste0(name, "_theta_ll"), c(exp(best$maximum), best$objective))
  f
}
k <- d("survival-r/kidney.csv")
y <- with(k, Surv(time, status)); x <- with(k, cbind(age, sex))
r <- subset(d("survival-r/rats.csv"), sex == "f")
e <- d("coxme/eortc.csv")
for (kind in c("gamma", "gaussian")) {
  f <- all(paste0("kidney_", kind), y, x, k$id, kind)
  all(paste0("kidney_breslow_", kind), y, x, k$id, kind, "breslow")
  all(paste0("rats_", kind), with(r, Surv(time, status)), cbind(r$rx), r$litter, kind)
  all(paste0("eortc_", kind), with(e, Surv(y, uncens)), cbind(e$trt), e$center, kind)
}
g <- suppressWarnings(coxph(y ~ x + frailty(k$id)))
cat(sprintf("/* coxph's own search on kidney: theta %.4f, I-likelihood %.4f */\n", g$history[[1]]$theta,
            g$history[[1]]$c.loglik))
