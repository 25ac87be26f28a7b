namespace MassMessaging.Templates;

/// <summary>Whoever proposes texts learns which of them became a template or a campaign's message.</summary>
public interface IProposedTexts
{
    /// <summary>Is there such a proposal of this profile?</summary>
    Task<bool> Knows(Guid profile, Guid proposal, CancellationToken ct);

    /// <summary>In the session that keeps the text, as its author left it.</summary>
    /// <param name="session">Commits both.</param>
    /// <param name="profile">The advisor.</param>
    /// <param name="proposal">One that is known.</param>
    /// <param name="target"><c>campaign</c> or <c>template</c>.</param>
    /// <param name="targetId">Its id.</param>
    /// <param name="text">What was kept.</param>
    /// <param name="ct">Of the request.</param>
    Task Chosen(ISession session, Guid profile, Guid proposal, string target, Guid targetId, string text, CancellationToken ct);

    /// <summary>The text was changed afterwards; nothing if it began as no proposal.</summary>
    Task Edited(ISession session, Guid profile, Guid targetId, string text, CancellationToken ct);
}

/// <summary>The body's <c>variationId</c>, which says whose words a text began as.</summary>
public static class ProposedText
{
    public const string Field = "variationId";

    public static async Task<Guid?> Read(Http.Fields body, IProposedTexts proposed, Guid profile, CancellationToken ct)
    {
        if (body.Id(Field) is not { } id) return null;
        if (await proposed.Knows(profile, id, ct)) return id;

        body.Wrong(Field, "must be one of your assistant's variations");
        return null;
    }
}
