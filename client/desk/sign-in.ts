import { CallError } from "../feed/reading.ts";
import { make, setText } from "../ticker/dom.ts";
import { checkToken } from "./desk-calls.ts";
import { makeButton, makeField, makeInput } from "./field.ts";
import { toRefusalWords } from "./refusal-words.ts";

/** Asks for a token until one is good, then gives it on. */
export function showSignIn(root: HTMLElement, server: URL, onToken: (token: string) => void): void {
  const token = makeInput("password");
  token.required = true;
  const problem = make("p", { className: "problem", attributes: { role: "alert" } });
  const submit = makeButton("Sign in", () => {}, "primary");
  submit.type = "submit";
  const form = make(
    "form",
    { className: "sign-in" },
    make("h1", { text: "Desk" }),
    make("p", { text: "An editor's token opens the desk. It is kept in this tab until you close it." }),
    makeField(
      "Token",
      token,
      "Made with: newsline token create. The first one stands in admin-token in the data folder.",
    ),
    problem,
    submit,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void enter();
  });
  async function enter(): Promise<void> {
    submit.disabled = true;
    setText(problem, "");
    try {
      await checkToken({ server, token: token.value.trim() });
      onToken(token.value.trim());
    } catch (error) {
      const isWrong = error instanceof CallError && error.status === 401;
      setText(problem, isWrong ? "This token is not known here." : toRefusalWords(error));
      submit.disabled = false;
      token.focus();
    }
  }
  root.replaceChildren(form);
  token.focus();
}
