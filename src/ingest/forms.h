/* ingest/forms.h - ratings that people gave in a form (Google Forms, Microsoft Forms). */
#ifndef VRK_INGEST_FORMS_H
#define VRK_INGEST_FORMS_H

#include "ingest/making.h"

/* Are these the answers of a form, by the headings that Google and Microsoft give theirs? If so
 * they become a source of the table assessments: a row for each answer that is a score (score.h) or
 * has points ("Points - question"). The person is who the form asks for ("Vem bedömer du?"),
 * without such a question who answers; the rater who answers, unless anonymous; the instrument
 * follows from the relation that is given; the competency from the question (competency.h). The
 * best score of a question is 5, 7, 10 or the best given, whichever holds all answers. A question
 * that is not answered with scores is left out. VRK_EDB, VRK_EMEMORY. */
VRK_MUST vrk_status vrk_forms_add(vrk_ctx *ctx, vrk_making *m, const vrk_profile *p, bool *is);

#endif
