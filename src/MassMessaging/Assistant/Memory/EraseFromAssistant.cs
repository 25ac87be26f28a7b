using MassMessaging.Clients;

namespace MassMessaging.Assistant.Memory;

/// <summary>
/// A client was erased: what the model was told and what it wrote about the client goes, also where an advisor put the client's name
/// into a text that was about nobody in particular. That there were calls, and what they cost, stays.
/// </summary>
public sealed class EraseFromAssistant : IErasureSubscriber
{
    // A first name alone names nobody, and stands in many texts.
    private const string Gone = """
        select distinct lower(trim(name)) as name from client
        where profile_id = @profile and id = any (@clients) and position(' ' in trim(name)) > 0
        """;

    // An objective is an advisor's own words and short: there one word may well be a client, and a number the client's.
    private const string GoneWords = $"""
        select ' ' || trim(regexp_replace(lower(name), '[^[:alnum:]]+', ' ', 'g')) || ' ' as name, right(regexp_replace(phone, '\D', '', 'g'), {PhoneDigits}) as phone
        from client where profile_id = @profile and id = any (@clients) and name ~ '[[:alnum:]]'
        """;

    private const string PhoneDigits = "8"; // Without country and area, which people leave out.

    private const string InObjective = $"""
        exists (select 1 from ({GoneWords}) gone
                where position(gone.name in ' ' || regexp_replace(lower(objective), '[^[:alnum:]]+', ' ', 'g') || ' ') > 0
                   or (length(gone.phone) = {PhoneDigits} and position(gone.phone in regexp_replace(objective, '\D', '', 'g')) > 0))
        """;

    private const string EraseLog = $"""
        update assistant_log l
        set prompt = null, answer = null, problems = '[]', objective = null, tone = null, erased_at = @now
        where l.profile_id = @profile and (l.prompt is not null or l.answer is not null or l.objective is not null)
          and (l.client_id = any (@clients)
               or exists (select 1 from ({Gone}) gone where position(gone.name in lower(concat(l.prompt, ' ', l.answer, ' ', l.objective))) > 0)
               or {InObjective})
        """;

    private const string EraseVariations = $"""
        update assistant_variation v set text = null, objective = null
        where v.profile_id = @profile and (v.text is not null or v.objective is not null)
          and (v.client_id = any (@clients)
               or exists (select 1 from ({Gone}) gone where position(gone.name in lower(concat(v.text, ' ', v.objective))) > 0)
               or {InObjective})
        """;

    private const string EraseCache = $"""
        delete from assistant_cache c
        where c.profile_id = @profile
          and (c.client_id = any (@clients) or exists (select 1 from ({Gone}) gone where position(gone.name in lower(c.answer::text)) > 0))
        """;

    public async Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct)
    {
        (string, object?)[] whom = [("profile", profile), ("clients", clients.ToArray())];
        await session.Sql(EraseLog, ct, [.. whom, ("now", session.Now)]);
        await session.Sql(EraseVariations, ct, whom);
        await session.Sql(EraseCache, ct, whom);
    }
}
