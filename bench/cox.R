# The other half of bench/cox.c: coxph on the same deals, then both side by side (CPU seconds).
# Rscript cox.R FOLDER DEALS COLUMNS SECONDS
library(survival)
a <- commandArgs(TRUE)
n <- as.integer(a[2]); p <- as.integer(a[3]); ours <- as.numeric(a[4])
f <- file(file.path(a[1], "cox.bin"), "rb")
x <- matrix(readBin(f, "double", n * p), n); week <- readBin(f, "double", n); won <- readBin(f, "integer", n, 1)
close(f)
y <- Surv(week, won) # made before the clock starts
took <- system.time(fit <- coxph(y ~ x, ties = "efron"))
theirs <- took[["user.self"]] + took[["sys.self"]]
got <- read.csv(file.path(a[1], "cox.csv"))
ratio <- theirs / ours
cat(sprintf("%d deals (%d won), %d different rows, survival %s on %s, fits alone, one thread, CPU\n", n,
            sum(won), got$rows[1], packageVersion("survival"), R.version.string))
beta <- max(abs(coef(fit) - got$beta)); se <- max(abs(sqrt(diag(vcov(fit))) - got$se))
ll <- abs(fit$loglik[2] / got$ll[1] - 1)
cat(sprintf("coxph %.2f s, verkan %.3f s, ratio %.0f; differences: beta %.1e, se %.1e, ll %.1e of it\n",
            theirs, ours, ratio, beta, se, ll))
ok <- beta < 1e-6 && se < 1e-6 && ll < 1e-10 && ratio >= 50
cat(if (ok) "equal and at least 50 times as fast\n" else "NOT as it must be\n")
quit(status = !ok)
