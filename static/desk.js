// Gives each rich text editor the name and the hint of the field that it stands for, and lets a click on the label reach it.
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  if (!label) return;
  label.id = `${textarea.id}_label`;
  label.addEventListener("click", () => editor.commands.focus());
  const attributes = { role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id };
  const hint = textarea.getAttribute("aria-describedby");
  if (hint) attributes["aria-describedby"] = hint;
  editor.setOptions({ editorProps: { attributes } });
});
