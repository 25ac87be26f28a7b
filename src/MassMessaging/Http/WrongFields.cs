namespace MassMessaging.Http;

/// <summary>Collects what is wrong with a request, so that the caller learns of everything at once.</summary>
public sealed class WrongFields
{
    private readonly Dictionary<string, List<string>> messages = [];
    private readonly HashSet<string> codes = [];

    public bool Any => messages.Count > 0;

    public void Add(string field, string message, string? code = null)
    {
        if (!messages.TryGetValue(field, out var ofField)) messages[field] = ofField = [];
        if (!ofField.Contains(message)) ofField.Add(message);
        if (code is not null) codes.Add(code);
    }

    public Problem ToProblem() => new(
        StatusCodes.Status400BadRequest,
        codes.Count == 1 ? codes.First() : "validation-failed",
        string.Join(' ', messages.SelectMany(field => field.Value.Select(message => $"{field.Key} {message}."))),
        messages.ToDictionary(field => field.Key, field => field.Value.ToArray()));
}
