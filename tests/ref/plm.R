# Writes the input of T18 from Debian's r-cran-plm: Rscript plm.R FOLDER
folder <- commandArgs(TRUE)[1]
if (!requireNamespace("plm", quietly = TRUE)) quit(status = 77)
data(Grunfeld, package = "plm")
write.csv(Grunfeld, file.path(folder, "grunfeld.csv"), row.names = FALSE)
