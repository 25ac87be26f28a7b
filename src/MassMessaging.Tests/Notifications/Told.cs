using MassMessaging.Kernel;
using MassMessaging.Notifications;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Notifications;

/// <summary>An advisor who is told things.</summary>
public sealed class Told(TestApp app, Advisor advisor, Guid profile)
{
    public Advisor Advisor => advisor;

    public Guid Profile => profile;

    public static async Task<Told> By(TestApp app)
    {
        var advisor = await Advisor.Of(app);
        return new(app, advisor, (await advisor.Get("/api/profile")).Id);
    }

    public Task Tell(string text, string code = NotificationCodes.LaneHeld) => Tell([text], code);

    public async Task Tell(IEnumerable<string> texts, string code = NotificationCodes.LaneHeld)
    {
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        foreach (var text in texts) await Notify.Tell(session, profile, code, null, text, CancellationToken.None);
        await session.Commit(CancellationToken.None);
    }

    public async Task<Guid> IdOf(string text) =>
        (await advisor.Get("/api/notifications")).Body.EnumerateArray().Single(row => row.GetProperty("text").GetString() == text)
        .GetProperty("id").GetGuid();

    public async Task<IReadOnlyList<string>> Codes() => [.. (await advisor.Get("/api/notifications")).Body.EnumerateArray()
        .Select(row => row.GetProperty("code").GetString()!)];
}
