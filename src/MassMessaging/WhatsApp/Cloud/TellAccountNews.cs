using MassMessaging.Notifications;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>Hands on what Meta tells of accounts and preferences, to the profiles whose number and account it is about.</summary>
internal sealed class TellAccountNews(IEnumerable<IAccountSubscriber> subscribers)
{
    private const string Owners = """
        select i.instance, i.profile_id, c.waba_id, coalesce(w.phone, '')
        from whatsapp_instance i
        join whatsapp_cloud c on c.profile_id = i.profile_id and c.phone_number_id = substr(i.instance, length('cloud:') + 1)
        left join whatsapp_config w on w.profile_id = i.profile_id and w.instance = i.instance
        where i.instance = any (@instances)
        """;

    public async Task Tell(IReadOnlyList<WebhookContent> contents, ISession session, CancellationToken ct)
    {
        var news = contents.SelectMany(content => content.News).ToList();
        var preferences = contents.SelectMany(content => content.Preferences).Distinct().ToList();
        if (news.Count == 0 && preferences.Count == 0) return;

        var owners = (await session.Query(
            Owners, row => (Instance: row.GetString(0), Owner: new Owner(row.GetGuid(1), row.GetString(2), row.GetString(3))), ct,
            ("instances", news.Select(one => one.Instance).Concat(preferences.Select(one => one.Instance)).Distinct().ToArray())))
            .ToDictionary(row => row.Instance, row => row.Owner);
        foreach (var one in news)
            if (owners.TryGetValue(one.Instance, out var owner) && owner.Has(one.WabaId) && owner.Is(one.Phone))
                await Tell(one, owner.Profile, session, ct);

        var said = preferences
            .Where(one => owners.TryGetValue(one.Instance, out var owner) && (one.WabaId is null || owner.Has(one.WabaId)))
            .Select(one => new MarketingPreference(owners[one.Instance].Profile, one.Phone, one.Stops, one.At)).ToList();
        if (said.Count > 0)
            foreach (var subscriber in subscribers) await subscriber.Prefer(said, session, ct);
    }

    private async Task Tell(AccountNews news, Guid profile, ISession session, CancellationToken ct)
    {
        if (!await Notify.Tell(session, profile, news.Code, null, news.Text, ct, news.Once) || news.Stops is not { } reason) return;
        foreach (var subscriber in subscribers) subscriber.Stopped(profile, reason, session);
    }

    private sealed record Owner(Guid Profile, string WabaId, string Phone)
    {
        public bool Has(string? wabaId) => wabaId == WabaId;

        /// <summary>Until the number was checked its phone is not known.</summary>
        public bool Is(string? digits) => digits is null || Phone.Length == 0 || Phone[1..] == digits;
    }
}
