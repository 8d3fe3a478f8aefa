// The progress of an import, polled twice a second until it ends.

import { fetchImportJob } from "../core/api.js";
import { find } from "../core/dom.js";
import { lang, word } from "../core/i18n.js";

const EVERY = 500;
const status = find("said");
const bar = find("bar", HTMLProgressElement);

/** @param {ImportJob} job */
function show(job) {
  const rows = job.rows.toLocaleString("en");
  status.textContent = job.state === "waiting" ? word("import_waiting") : word(`import_step_${job.step}`, { rows });
  if (!job.total) return;
  bar.max = 2 * job.total;
  bar.value = job.step === "read" ? job.rows : job.total + (job.step === "write" ? job.rows : 0);
}

async function look() {
  try {
    const job = await fetchImportJob(status.dataset.token ?? "");
    if (job.state === "done" && job.address) return location.replace(`${job.address}${job.address.includes("?") ? "&" : "?"}lang=${lang}&imported=${status.dataset.token}`);
    if (!["waiting", "running"].includes(job.state)) return location.reload();
    show(job);
  } catch {
    // The server may be busy or restarting: try again at the next poll.
  }
  return setTimeout(look, EVERY);
}

look();
