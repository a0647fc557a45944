// Drives a job from its page: asks for the next piece until there is none. Without it, a button does.
"use strict";
{
  const job = document.querySelector(".job[data-advance]");
  const token = job.querySelector("[name=csrfmiddlewaretoken]").value;
  const advance = async () => {
    const response = await fetch(job.dataset.advance, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (!response.ok) throw new Error(`${response.status}`);
    const { open, done, total } = await response.json();
    job.querySelector("progress").value = done;
    job.querySelector(".progress").textContent = `${done} / ${total}`;
    return open;
  };
  const run = async () => {
    // A server that is away for a moment is asked again; the button stays for the rest.
    for (let failures = 0; failures < 5; ) {
      try {
        if (!(await advance())) return location.reload();
        failures = 0;
      } catch {
        failures += 1;
        await new Promise((resolve) => setTimeout(resolve, 1000 * failures));
      }
    }
    return undefined;
  };
  run();
}
