// The page works without this: it only adds the phone's position to the form.
const button = document.getElementById("locate");
if (button && navigator.geolocation) {
  const place = document.getElementById("place");
  const said = document.getElementById("located");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      for (const [name, value] of Object.entries({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: Math.max(1, coords.accuracy) })) {
        place.querySelector(`[name=${name}]`).value = value;
      }
      said.textContent = place.dataset.located.replace("{m}", Math.round(coords.accuracy));
      button.disabled = false;
    }, () => { said.textContent = place.dataset.lost; button.disabled = false; }, { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 });
  });
}
