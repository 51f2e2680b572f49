/** The words of this language, cut by the screens that show them. */
import audit from "./audit.json";
import console from "./console.json";
import errors from "./errors.json";
import figures from "./figures.json";
import floor from "./floor.json";
import general from "./general.json";
import knowledge from "./knowledge.json";
import menus from "./menus.json";
import people from "./people.json";
import roster from "./roster.json";
import visits from "./visits.json";

export default { ...general, ...audit, ...console, ...figures, ...floor, ...knowledge, ...menus, ...people, ...roster, ...errors, ...visits };
