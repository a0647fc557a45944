import { expect, test } from "vitest";
import type { Library } from "../../../extension/model.ts";
import type { ConnectionRow } from "../../../extension/store/connection.ts";
import {
  allOwners,
  chosenLibrary,
  librariesOf,
  mirroredLibraries,
  ownerOf,
  withChosen,
  withLibraries,
} from "../../../extension/store/libraries.ts";
import { databaseName } from "../../../extension/store/schema.ts";

const OWN: Library = { id: "own", name: "ada", role: "owner", own: true };
const DESK: Library = { id: "desk", name: "Foreign desk", role: "editor", own: false };
const ARCHIVE: Library = { id: "archive", name: "Archive", role: "reader", own: false };
const oauth = { client_id: "c", authorize: "/a", token: "/t", revoke: "/r", scopes: [] };
/** As an earlier version wrote it, which knew of one library alone. */
const EARLIER: ConnectionRow = {
  server: "https://annotator.test",
  user: { id: "me", name: "ada" },
  library: "own",
  oauth,
  tokens: null,
};
const ROW: ConnectionRow = { ...EARLIER, libraries: [DESK, OWN, ARCHIVE] };

test("a connection of an earlier version has its own library, chosen and private", () => {
  expect(chosenLibrary(EARLIER)).toEqual(OWN);
  expect(librariesOf(EARLIER)).toEqual([OWN]);
  expect(chosenLibrary(ROW)).toEqual(OWN);
});

test("the own library stands first, the others in order of their names", () => {
  expect(librariesOf(ROW)).toEqual([OWN, ARCHIVE, DESK]);
});

test("the own library's mirror keeps the name that it had before there were others", async () => {
  const before = await databaseName({ server: "https://annotator.test", user: "me" });
  expect(before).toBe("library-8d6fe820af94b749ad58aa0d5aacec33");
  expect(await databaseName(ownerOf(ROW, "own"))).toBe(before);
  expect(await databaseName(ownerOf(ROW, "desk"))).not.toBe(before);
  expect(await databaseName(ownerOf(ROW, "desk"))).not.toBe(await databaseName(ownerOf(ROW, "archive")));
});

test("choosing another one and going back keeps its mirror in mind", () => {
  const chosen = withChosen(ROW, "desk");
  expect(chosenLibrary(chosen)).toEqual(DESK);
  const back = withChosen(chosen, "own");
  expect(chosenLibrary(back)).toEqual(OWN);
  expect(mirroredLibraries(back)).toEqual([OWN, DESK]);
});

test("a library that the user does not have cannot be chosen", () => {
  expect(withChosen(ROW, "somebody else's")).toBe(ROW);
});

test("who is taken out of the chosen library is back in the own one, and the other is remembered as left", () => {
  const after = withLibraries(withChosen(ROW, "desk"), [OWN, ARCHIVE]);
  expect(chosenLibrary(after)).toEqual(OWN);
  expect(mirroredLibraries(after)).toEqual([OWN]);
  expect(after.left).toEqual([{ id: "desk", name: "Foreign desk" }]);
  expect(allOwners(after).map(({ library }) => library)).toEqual([undefined, "desk"]);
  expect(withLibraries(after, [OWN, ARCHIVE])).toEqual(after);
});

test("who was never in it here need not hear of it", () => {
  expect(withLibraries(ROW, [OWN]).left).toEqual([]);
});

test("who is let in again finds the mirror where it was", () => {
  const out = withLibraries(withChosen(ROW, "desk"), [OWN]);
  const back = withLibraries(out, [OWN, { ...DESK, role: "reader" }]);
  expect(back.left).toEqual([]);
  expect(mirroredLibraries(back)).toEqual([OWN, { ...DESK, role: "reader" }]);
  expect(chosenLibrary(back)).toEqual(OWN);
});
