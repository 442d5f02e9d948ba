// Says in words what went wrong with a passkey. allauth's script reports it as an event.

const TROUBLE = {
  NotAllowedError: "No passkey was used: the device was asked and did not say yes. Try again, or choose another way.",
  InvalidStateError: "This device or key has a passkey for you already.",
  SecurityError: "Passkeys work only over https and under a name, not under a number. On your own machine, open http://localhost instead.",
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector(".passkey-trouble");
  place.textContent = TROUBLE[event.detail.exception.name] || "This browser could not use a passkey here. Choose another way.";
  place.hidden = false;
});
