// Says on the page why a passkey did not work; without this it would stand in the console alone.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const reasons = {
    NotAllowedError: "The passkey was not used: the request was cancelled, or it took too long. Try again.",
    InvalidStateError: "This passkey is set up already.",
    SecurityError: "A passkey does not work at this address. It needs HTTPS and a host name, or localhost.",
  };
  const place = document.getElementById("passkey-fault");
  place.textContent = reasons[event.detail.exception.name] || "Your browser could not use a passkey here.";
  place.hidden = false;
});
