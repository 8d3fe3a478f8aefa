// The message of a refused value stands at the head of its form, for who has no script; here it goes to its field.

const message = document.getElementById("problem");
const field = document.querySelector('main [aria-invalid="true"][aria-describedby~="problem"]');
if (message && field instanceof HTMLElement && field.getClientRects().length) {
  field.after(message);
  field.focus();
}
