// Runs before the page is drawn, so that nothing jumps. A file of its own because the policy refuses inline script.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
