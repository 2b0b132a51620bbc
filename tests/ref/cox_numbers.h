/* Written by cox.R: survival 3.5.3 on R version 4.2.2 Patched (2022-11-10 r83330). */
static const double lung_efron_beta[] = {0.01106676459612, -0.5526123955318, 0.4637284751157};
static const double lung_efron_se[] = {0.009267411014366, 0.1677390537834, 0.1135772661614};
static const double lung_efron_ll[] = {-744.4804557614, -729.2301213749, 30.49992270495};
static const double lung_efron_curve[] = {0.09288543100286, 0.6278392664096,  1.833382509892,
                                          0.01879084465349, 0.05150316977588, 0.04976672728995};
static const double lung_robust_efron_beta[] = {0.01123216425727, -0.5565934139851,
                                                0.4692163967661};
static const double lung_robust_efron_se[] = {0.009262105405975, 0.1680710308772, 0.1142904021587};
static const double lung_robust_efron_ll[] = {-739.3749836852, -724.1192531185, 30.48748104901};
static const double lung_robust_efron_robust[] = {0.006888727056331, 0.112286679907,
                                                  0.1176159532713};
static const double lung_breslow_beta[] = {0.01104113638571, -0.5518895696377, 0.4629470403345};
static const double lung_breslow_se[] = {0.009266770114202, 0.1677424480178, 0.1135740520606};
static const double lung_breslow_ll[] = {-744.6928192662, -729.4887051768, 30.40640691533};
static const double lung_breslow_curve[] = {0.09277182818061, 0.627139679711,   1.832361663416,
                                            0.01877151386869, 0.05147655225715, 0.04980189462468};
static const double lung_robust_breslow_beta[] = {0.01120492445876, -0.5558254513758,
                                                  0.4683786579918};
static const double lung_robust_breslow_se[] = {0.009261520055166, 0.1680742576991,
                                                0.1142860181215};
static const double lung_robust_breslow_ll[] = {-739.5882579022, -724.3808607573, 30.38994301816};
static const double lung_robust_breslow_robust[] = {0.006867511162295, 0.1119982011427,
                                                    0.1171232689079};
static const double heart_efron_beta[] = {0.03053631491417, -0.7733276453177, 0.01609560529662};
static const double heart_efron_se[] = {0.01389278663086, 0.3596679881129, 0.3085858042285};
static const double heart_efron_ll[] = {-298.121355673, -292.7620255324, 10.00228213645};
static const double heart_efron_robust[] = {0.01432806730429, 0.3332410723401, 0.3093096926468};
static const double heart_breslow_beta[] = {0.0305322105488, -0.7716099957994, 0.01441961661276};
static const double heart_breslow_se[] = {0.0138981297328, 0.3596750675769, 0.308515806077};
static const double heart_breslow_ll[] = {-298.3256067365, -292.983954845, 9.969068821271};
static const double heart_breslow_robust[] = {0.01430693787236, 0.3326482065627, 0.3080432098787};
static const double heart_curve[] = {0.155744280895,   0.5512186250174, 0.915512351936,
                                     0.05424469037182, 0.1315018044876, 0.1581576040939};
static const double veteran_efron_beta[] = {0.09811408174688, -0.03823859386456};
static const double veteran_efron_se[] = {0.1286013326743, 0.003696117988799};
static const double veteran_efron_ll[] = {-1116.958411689, -1063.664673624, 112.8365325888};
static const double veteran_efron_robust[] = {0.1849760924115, 0.005396438904372};
static const double veteran_breslow_beta[] = {0.09103045918018, -0.03785753284499};
static const double veteran_breslow_se[] = {0.1283198177703, 0.003691487115919};
static const double veteran_breslow_ll[] = {-1118.134892268, -1065.726665768, 110.8397407742};
static const double veteran_breslow_robust[] = {0.1828784920285, 0.0053156526239};
