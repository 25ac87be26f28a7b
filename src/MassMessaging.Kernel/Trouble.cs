namespace MassMessaging.Kernel;

/// <summary>
/// A question to the database (it may use <c>@now</c>). Each row of its answer is one sentence: why the service works less well than it
/// should. Asked by health probes, so it is quick; registered as a singleton by whoever knows.
/// </summary>
public sealed record Trouble(string Sql);
