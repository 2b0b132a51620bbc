# Rscript glmm.R CELLS.csv glmmTMB|glmer0|glmer1|bam: prints CPU seconds of the fit and its log-likelihood
a <- commandArgs(TRUE)
x <- read.csv(a[1])
for (v in names(x)[-(1:2)]) x[[v]] <- factor(x[[v]])
x$ss <- interaction(x$seller, x$stage, drop = TRUE)
x$f <- x$n - x$y
fixed <- "cbind(y, f) ~ stage + cx + dms + source"
f <- as.formula(paste(fixed, "+ (1|seller) + (1|team) + (1|ss) + (1|q)"))
suppressMessages({library(lme4); if (a[2] == "glmmTMB") library(glmmTMB); if (a[2] == "bam") library(mgcv)})
from <- proc.time()
fit <- switch(a[2],
    glmmTMB = glmmTMB(f, x, binomial, control = glmmTMBControl(parallel = 1L)),
    glmer0 = glmer(f, x, binomial, nAGQ = 0, control = glmerControl(calc.derivs = FALSE)),
    glmer1 = glmer(f, x, binomial, control = glmerControl(calc.derivs = FALSE)),
    bam = bam(as.formula(paste(fixed, "+ s(seller,bs='re') + s(team,bs='re') + s(ss,bs='re') + s(q,bs='re')")),
        data = x, family = binomial, discrete = TRUE, nthreads = 1))
t <- proc.time() - from
# in one piece, as who reads stops at the second number
cat(sprintf("%.3f %.4f\n", t[[1]] + t[[2]], as.numeric(logLik(fit))))
