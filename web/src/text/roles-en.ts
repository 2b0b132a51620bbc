// What the page of roles says, in English. roles-sv.ts has the same keys.

export const rolesEn = {
  forRole: "For the role", role: "Role",
  names: { new_business: "New business", key_account: "Key accounts", inside_sales: "Inside sales", consultative_complex: "Consultative, complex deals", transactional: "Fast, simple deals" } as Record<string, string>,
  competences: {
    prospecting: "Prospecting", qualification: "Qualification", business_questions: "Business questions", relationship: "Relationships", presentation: "Presentations",
    decision_steering: "Decision steering", objection_handling: "Objection handling", next_step: "Next step", prioritisation: "Prioritisation",
  } as Record<string, string>,
  finding: (role: string, one: string, two: string) => `${role}: ${one} and ${two} weigh most.`,
  none: "Which competences matter in which role cannot be said yet.",
  start: (n: number, need: string) => `${n === 0 ? "Nobody of your own has" : n === 1 ? "One of your own has" : `${n} of your own have`} weighed it. With ${need} it is yours and not a start value.`,
  experts: (n: string) => `Weighed by ${n} of your own, with the start value as one voice more.`,
  deals: "Own deals count in it.", noDeals: "Own deals do not count yet.",
  asks: "What the role asks for", asksAside: "Each competence's share of the whole",
  competence: "Competence", share: "Weight", words: (x: string, range: string) => `${x} of the weight (${range})`,
  noRange: "An open ring is a start value, or one voice beside it: how far off it is nobody knows.",
  all: "All roles", allAside: "The same competences, weighed for each", most: (one: string) => `${one} differs most between the roles.`, alike: "The roles ask for much the same.",
  people: "Applicants", peopleAside: "Under labels, in an order by lot, which says nothing about anybody",
  peopleTold: (told: string, all: string) => `${told} of ${all} can be held against the role.`, peopleNone: "Nobody who has applied can be held against the role yet.",
  applicant: "Applicant", better: "In the better half", measured: "Of the role measured", years: "Years in the trade", result: (x: string, range: string) => `Predicted ${x} (${range}) standard deviations from the middle`,
  note: "Predicted result beside those who do such work, in standard deviations; 0 is the middle. The line holds nine in ten. How far such tests tell results is taken from the literature. It is one ground among others; people decide.",
  codes: {
    no_role: "It is not known for which role.", other_role: "The role in the data is none of those weighed here.", waiting: "Interviewed by others. What they gave is shown after your own levels.", no_test: "Nothing measured yet.", interviews: "Interviewed, but by too few to tell who is strict.",
    too_little: "Cannot be judged: under half of what the role asks is measured.",
  } as Record<string, string>,
  toRecruit: "To recruitment",
};

export type RolesText = typeof rolesEn;
