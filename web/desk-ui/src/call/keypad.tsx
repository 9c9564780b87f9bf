import { t } from "@cordboard/texts";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

const LETTERS: Readonly<Record<string, string>> = {
  2: "abc",
  3: "def",
  4: "ghi",
  5: "jkl",
  6: "mno",
  7: "pqrs",
  8: "tuv",
  9: "wxyz",
  0: "+",
};

export function Keypad({ onKey }: { readonly onKey: (digit: string) => void }) {
  return (
    <fieldset class="pad" aria-label={t().controls.keypad}>
      {KEYS.map((digit) => (
        <button key={digit} type="button" onClick={() => onKey(digit)}>
          <b>
            <span class="unseen">{t().controls.key} </span>
            {digit}
          </b>
          <small aria-hidden="true">{LETTERS[digit]}</small>
        </button>
      ))}
    </fieldset>
  );
}
