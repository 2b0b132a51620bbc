/* Written by frailty.R: survival 3.5.3 on R version 4.2.2 Patched (2022-11-10 r83330). */
static const double kidney_gamma_beta[] = {0.00522231968845, -1.58323370839};
static const double kidney_gamma_se[] = {0.0116534020924, 0.448381527977};
static const double kidney_gamma_theta_ll[] = {0.407769502181, -181.638626525};
static const double kidney_breslow_gamma_beta[] = {0.0054635031171, -1.55639257638};
static const double kidney_breslow_gamma_se[] = {0.0115806379839, 0.444838714751};
static const double kidney_breslow_gamma_theta_ll[] = {0.397313404438, -182.053358925};
static const double rats_gamma_beta[] = {0.914335959397};
static const double rats_gamma_se[] = {0.323041360859};
static const double rats_gamma_theta_ll[] = {0.499042993125, -180.828206714};
static const double eortc_gamma_beta[] = {0.708158719263};
static const double eortc_gamma_se[] = {0.0642341050214};
static const double eortc_gamma_theta_ll[] = {0.0980359622313, -10521.0133302};
static const double kidney_gaussian_beta[] = {0.00429372073613, -1.35560173013};
static const double kidney_gaussian_se[] = {0.0117160983992, 0.417333542284};
static const double kidney_gaussian_theta_ll[] = {0.457362586206, -181.904518978};
static const double kidney_breslow_gaussian_beta[] = {0.00451848379933, -1.33323878051};
static const double kidney_breslow_gaussian_se[] = {0.0116241011064, 0.414100814045};
static const double kidney_breslow_gaussian_theta_ll[] = {0.441586257061, -182.313177353};
static const double rats_gaussian_beta[] = {0.913753502929};
static const double rats_gaussian_se[] = {0.322880483543};
static const double rats_gaussian_theta_ll[] = {0.440835302058, -180.826258554};
static const double eortc_gaussian_beta[] = {0.708608950194};
static const double eortc_gaussian_se[] = {0.0642439301225};
static const double eortc_gaussian_theta_ll[] = {0.108349277517, -10520.654903};
/* coxph's own search on kidney: theta 0.4078, I-likelihood -181.6388 */
