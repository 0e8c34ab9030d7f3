namespace SiteDesk.Setup.FirstSteps;

/// <summary>Something that a new installation wants done once.</summary>
/// <param name="Key">Its texts are <c>first-steps.{Key}</c> and <c>first-steps.{Key}.text</c>.</param>
/// <param name="Address">Where it is done.</param>
/// <param name="IsDone">Read from what is there, not from what was pressed: whoever removes the last mailbox has the step again.</param>
public sealed record FirstStep(string Key, string Icon, string Address, bool IsDone);
