# The other half of bench/trials.c: glmer on the same cells, then both side by side (CPU seconds).
# Rscript trials.R FOLDER SECONDS LOGLIK SD SD SD
suppressMessages(library(lme4))
a <- commandArgs(TRUE)
ours <- as.numeric(a[-1])
x <- read.csv(file.path(a[1], "trials.csv"))
for (v in c("seller", "place", "team")) x[[v]] <- factor(x[[v]])
took <- system.time(fit <- glmer(cbind(y, n - y) ~ a + b + c + (1 | seller) + (1 | place) + (1 | team), x,
                                 binomial("cloglog"), control = glmerControl(calc.derivs = FALSE)))
theirs <- took[["user.self"]] + took[["sys.self"]]
sd <- sapply(c("seller", "place", "team"), function(g) attr(VarCorr(fit)[[g]], "stddev"))
ll <- as.numeric(logLik(fit)); ratio <- theirs / ours[1]
cat(sprintf("glmer %.1f s, ll %.4f, sd %s, beta %s\n", theirs, ll, paste(sprintf("%.4f", sd), collapse = " "),
            paste(sprintf("%.5f", fixef(fit)), collapse = " ")))
apart <- max(abs(sd - ours[3:5])); ll <- abs(ll / ours[2] - 1)
cat(sprintf("lme4 %s on %s: ratio %.0f; sd apart %.1e, ll %.1e of it\n", packageVersion("lme4"), R.version.string,
            ratio, apart, ll))
ok <- apart < 1e-3 && ll < 1e-4 && ratio >= 100
cat(if (ok) "equal and at least 100 times as fast\n" else "NOT as it must be\n")
quit(status = !ok)
