// What the page of roles says, in Swedish. roles-en.ts has the same keys.
import type { RolesText } from "./roles-en";

export const rolesSv: RolesText = {
  forRole: "För rollen", role: "Roll",
  names: { new_business: "Nykundsförsäljning", key_account: "Nyckelkunder", inside_sales: "Innesälj", consultative_complex: "Rådgivande, komplexa affärer", transactional: "Snabba, enkla affärer" },
  competences: {
    prospecting: "Prospektering", qualification: "Kvalificering", business_questions: "Affärsfrågor", relationship: "Relationer", presentation: "Presentation",
    decision_steering: "Beslutsstyrning", objection_handling: "Invändningar", next_step: "Nästa steg", prioritisation: "Prioritering",
  },
  finding: (role, one, two) => `${role}: ${one} och ${two} väger mest.`,
  none: "Vilka kompetenser som betyder något i vilken roll går inte att säga än.",
  start: (n, need) => `${n === 0 ? "Ingen av era egna har" : n === 1 ? "En av era egna har" : `${n} av era egna har`} vägt den. Med ${need} är den er egen och inget startvärde.`,
  experts: (n) => `Vägd av ${n} av era egna, med startvärdet som en röst till.`,
  deals: "Egna affärer räknas in.", noDeals: "Egna affärer räknas inte in än.",
  asks: "Vad rollen kräver", asksAside: "Varje kompetens del av helheten",
  competence: "Kompetens", share: "Vikt", words: (x, range) => `${x} av vikten (${range})`,
  noRange: "En öppen ring är ett startvärde, eller en enda röst bredvid det: hur fel det är vet ingen.",
  all: "Alla roller", allAside: "Samma kompetenser, vägda för var och en", most: (one) => `${one} skiljer mest mellan rollerna.`, alike: "Rollerna kräver ungefär detsamma.",
  people: "Sökande", peopleAside: "Under beteckningar, i lottad ordning som inte säger något om någon",
  peopleTold: (told, all) => `${told} av ${all} kan ställas mot rollen.`, peopleNone: "Ingen som sökt kan ställas mot rollen än.",
  applicant: "Sökande", better: "I den bättre halvan", measured: "Av rollen mätt", years: "År i yrket", result: (x, range) => `Väntat ${x} (${range}) standardavvikelser från mitten`,
  note: "Väntat resultat bredvid dem som gör sådant arbete, i standardavvikelser; 0 är mitten. Linjen rymmer nio av tio. Hur väl sådana prov förutsäger resultat är hämtat ur litteraturen. Det är ett underlag bland flera; människor beslutar.",
  codes: {
    no_role: "Det är inte känt för vilken roll.", other_role: "Rollen i underlaget är ingen av dem som vägs här.", waiting: "Intervjuad av andra. Vad de gav visas efter dina egna nivåer.", no_test: "Inget är mätt än.", interviews: "Intervjuad, men av för få för att se vem som är sträng.",
    too_little: "Kan inte bedömas: mindre än hälften av det rollen kräver är mätt.",
  },
  toRecruit: "Till rekrytering",
};
