// Says in words what went wrong with a passkey. allauth's script reports it as an event.

const TROUBLE = {
  NotAllowedError: "No passkey was used, because your device didn’t confirm it. Try again, or choose another way.",
  InvalidStateError: "This device or key already has a passkey for you.",
  SecurityError: "Passkeys only work over https and with a site name, not a number. On your own computer, open http://localhost instead.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector(".passkey-trouble");
  place.textContent = TROUBLE[event.detail.exception.name] || "This browser couldn’t use a passkey here. Choose another way.";
  place.hidden = false;
});
