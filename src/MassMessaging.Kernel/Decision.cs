namespace MassMessaging.Kernel;

/// <summary>What a pure <c>Decide</c> answers: facts and messages, a refusal with a stable code, or nothing.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>Doing it twice, or too late to matter: not an error, nothing is written.</summary>
    public static Decision Nothing { get; } = new Accepted([], []);

    public static Accepted Accept(params object[] events) => new(events, []);

    public static Decision Refuse(string code, string detail) => new Refused(code, detail);

    public sealed record Accepted(IReadOnlyList<object> Events, IReadOnlyList<Outgoing> Messages) : Decision
    {
        public Accepted Then(object message, string? key = null, DateTimeOffset? at = null) =>
            this with { Messages = [.. Messages, new Outgoing(message, key, at)] };
    }

    /// <param name="Code">Stable, kebab-case, listed in docs/api.md.</param>
    /// <param name="Detail">One sentence for a person.</param>
    public sealed record Refused(string Code, string Detail) : Decision;
}

/// <summary>A message on its way out with the session's commit. See <see cref="ISession.Send"/>.</summary>
public sealed record Outgoing(object Message, string? Key, DateTimeOffset? At);
