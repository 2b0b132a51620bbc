# The same models in R: writes want.csv and the small tables of this folder. Run in an empty locale:
# LC_ALL=C Rscript gen.R. Made with R 4.2.2, survival 3.5-3, lme4 1.1-31, glmmTMB 1.1.5, msm 1.7.
suppressMessages({library(survival); library(lme4); library(msm); library(glmmTMB)})
out <- data.frame()
add <- function(case, key, value) out <<- rbind(out, data.frame(case, key, value = as.numeric(value)))
coefs <- function(case, est, se) { add(case, paste0("coef:", names(est)), est); add(case, paste0("se:", names(est)), se) }
table_of <- function(name, d) write.csv(d, name, row.names = FALSE, na = "", quote = FALSE)

# rates
table_of("warpbreaks.csv", warpbreaks)
warp <- warpbreaks; warp$tension <- factor(as.character(warp$tension))
m <- glm(breaks ~ wool * tension, poisson, warp, epsilon = 1e-14)
coefs("poisson", coef(m), sqrt(diag(vcov(m)))); add("poisson", "ll", logLik(m)); add("poisson", "deviance", deviance(m))

# Aalen-Johansen, by sex, standard errors by the infinitesimal jackknife
d <- mgus2[1:300, ]
d$time <- with(d, ifelse(pstat == 0, futime, ptime))
d$event <- factor(with(d, ifelse(pstat == 0, 2 * death, 1)), 0:2, c("0", "pcm", "death"))
table_of("mgus2.csv", d[, c("id", "age", "sex", "time", "event")])
s <- summary(survfit(Surv(time, event) ~ sex, data = d), times = c(60, 120, 240))
state <- c("start", "pcm", "death")
for (i in seq_along(s$time)) for (k in 1:3) {
  key <- paste(sub("sex=", "", s$strata[i]), s$time[i], state[k], sep = ":")
  add("aj", paste0("p:", key), s$pstate[i, k]); add("aj", paste0("pse:", key), s$std.err[i, k])
}

# Cox: ties both ways, strata, left truncation, weights
v <- veteran; v$celltype <- factor(as.character(v$celltype)); v$entry <- pmin(v$diagtime / 2, v$time / 2); v$w <- 1 + (seq_len(nrow(v)) %% 3)
table_of("veteran.csv", v)
cox <- function(case, m) { coefs(case, coef(m), sqrt(diag(vcov(m)))); add(case, "ll", m$loglik[2]) }
cox("cox_efron", coxph(Surv(time, status) ~ karno + age + celltype, v))
cox("cox_breslow", coxph(Surv(time, status) ~ karno + age, v, ties = "breslow"))
cox("cox_strata", coxph(Surv(time, status) ~ karno + factor(trt) + strata(celltype), v))
cox("cox_truncated", coxph(Surv(entry, time, status) ~ karno + age, v))
m <- coxph(Surv(time, status) ~ karno + offset(age / 50), v, weights = w)
add("cox_weights", "coef:karno", coef(m)); add("cox_weights", "se:karno", sqrt(vcov(m)))
add("cox_weights", "ll", m$loglik[2])

# mixed models
mixed <- function(case, m) {
  coefs(case, fixef(m), sqrt(diag(as.matrix(vcov(m))))); add(case, "ll", logLik(m))
  v <- as.data.frame(VarCorr(m))
  for (i in seq_len(nrow(v))) {
    if (is.na(v$var1[i])) add(case, "sd:Residual", v$sdcor[i])
    else if (is.na(v$var2[i])) add(case, paste("sd", v$grp[i], v$var1[i], sep = ":"), v$sdcor[i])
    else add(case, paste("cor", v$grp[i], v$var1[i], v$var2[i], sep = ":"), v$sdcor[i])
  }
  for (g in names(ranef(m))) for (x in names(ranef(m)[[g]])) {
    r <- ranef(m)[[g]]; add(case, paste("mode", g, rownames(r), x, sep = ":"), r[[x]])
  }
}
table_of("sleepstudy.csv", sleepstudy)
ctl <- lmerControl(optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12))
mixed("lmm_reml", lmer(Reaction ~ Days + (Days | Subject), sleepstudy, control = ctl))
mixed("lmm_ml", lmer(Reaction ~ Days + (Days | Subject), sleepstudy, REML = FALSE, control = ctl))
cbpp$period <- factor(paste0("p", cbpp$period)); table_of("cbpp.csv", cbpp)
gctl <- glmerControl(tolPwrss = 1e-12, optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10))
mixed("glmm_logit", glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, control = gctl))
# glmer's Laplace takes the expected information; with a link that is not canonical glmmTMB's, which takes
# the Hessian, is the one to compare with
m <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial("cloglog"))
coefs("glmm_cloglog", fixef(m)$cond, sqrt(diag(vcov(m)$cond))); add("glmm_cloglog", "ll", logLik(m))
add("glmm_cloglog", "sd:herd:(Intercept)", attr(VarCorr(m)$cond$herd, "stddev"))
r <- ranef(m)$cond$herd; add("glmm_cloglog", paste0("mode:herd:", rownames(r), ":(Intercept)"), r[[1]])
set.seed(7)
g <- data.frame(seller = rep(1:40, each = 6), team = rep(LETTERS[1:8], each = 30), x = round(rnorm(240), 3))
g$days <- sample(5:60, 240, TRUE)
g$events <- rpois(240, g$days * exp(-3 + .4 * g$x + rep(rnorm(40, 0, .5), each = 6) + rep(rnorm(8, 0, .4), each = 30)))
g$events[17] <- NA; g$x[44] <- NA
table_of("rates.csv", g)
mixed("glmm_poisson", glmer(events ~ x + offset(log(days)) + (1 | seller) + (1 | team), g, poisson, control = gctl))

# snapshots of states
cav3 <- subset(cav, PTNUM < 100110)
table_of("cav.csv", cav3[, c("PTNUM", "years", "state")])
q <- rbind(c(0, .25, 0, .25), c(.166, 0, .166, .166), c(0, .25, 0, .25), c(0, 0, 0, 0))
m <- msm(state ~ years, subject = PTNUM, data = cav3, qmatrix = q, deathexact = 4, control = list(reltol = 1e-14, maxit = 2000))
qm <- qmatrix.msm(m); for (i in 1:4) for (j in 1:4) if (q[i, j] > 0) {
  add("msm", paste("q", i, j, sep = ":"), qm$estimates[i, j]); add("msm", paste("qse", i, j, sep = ":"), qm$SE[i, j])
}
add("msm", "ll", -m$minus2loglik / 2)

out$value <- signif(out$value, 10)
write.csv(out, "want.csv", row.names = FALSE, quote = FALSE)
