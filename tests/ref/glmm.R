# The numbers of tests/ref/glmm.c for cbpp. R 4.2.2, lme4 1.1-31, glmmTMB 1.1.5.
suppressMessages({library(lme4); library(glmmTMB)})
for (link in c("logit", "cloglog")) {
    g <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial(link))
    print(logLik(g), digits = 10)
    print(fixef(g)$cond, digits = 8)
    print(sqrt(diag(vcov(g)$cond)), digits = 8)
    print(sqrt(VarCorr(g)$cond$herd[1]), digits = 8)
    print(head(ranef(g)$cond$herd, 4), digits = 8)
}
# Laplace by hand at lme4's estimates (logit): -92.0262862; lme4 says -92.0265664
laplace <- function(sd, b) {
    off <- as.vector(model.matrix(~period, cbpp) %*% b); h <- as.integer(cbpp$herd); u <- rep(0, 15)
    for (k in 1:100) {
        p <- plogis(off + u[h]); n <- cbpp$size
        u <- u + (tapply(cbpp$incidence - n * p, h, sum) - u / sd^2) / (tapply(n * p * (1 - p), h, sum) + 1 / sd^2)
    }
    p <- plogis(off + u[h]); H <- tapply(n * p * (1 - p), h, sum) + 1 / sd^2
    sum(dbinom(cbpp$incidence, n, p, log = TRUE)) - sum(u^2) / 2 / sd^2 - 15 * log(sd) - sum(log(H)) / 2
}
print(laplace(.64207, c(-1.398343, -.991925, -1.128216, -1.579745)), digits = 10)
# quadrature: glmer to its last digits (its log-likelihood leaves out that of the saturated model)
for (n in c(9, 25)) {
    g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, nAGQ = n,
               control = glmerControl("bobyqa", optCtrl = list(rhoend = 1e-9)))
    print(c(fixef(g), sd = sqrt(unlist(VarCorr(g))), ll = logLik(g)), digits = 11)
    print(sqrt(diag(vcov(g))), digits = 8)
    print(head(ranef(g)$herd, 2), digits = 9)
}
