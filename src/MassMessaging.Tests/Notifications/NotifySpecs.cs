using MassMessaging.Kernel;
using MassMessaging.Notifications;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Notifications;

public sealed class NotifySpecs(TestApp app) : IClassFixture<TestApp>
{
    private readonly Guid profile = Guid.NewGuid();

    [Fact]
    public async Task What_is_told_stays_with_its_cause_or_not_at_all()
    {
        await Tell(commit: false);
        Assert.Empty(await Numbers());

        await Tell();
        Assert.Single(await Numbers());
    }

    [Fact]
    public async Task The_same_thing_is_told_once_to_each_profile()
    {
        await Tell(once: "hold-1");
        await Tell(once: "hold-1");
        await Tell(once: "hold-2");

        Assert.Equal(2, (await Numbers()).Count);
    }

    [Fact]
    public async Task Without_a_key_it_is_told_each_time()
    {
        await Tell();
        await Tell();

        Assert.Equal(2, (await Numbers()).Count);
    }

    [Fact]
    public async Task Each_is_numbered_once_in_the_order_of_commits()
    {
        await Tell();
        await Tell();
        await app.Drain();
        await Tell();
        await app.Drain();

        Assert.Equal([1, 2, 3], await Numbers());
    }

    [Fact]
    public async Task A_code_that_nobody_knows_is_a_bug() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Tell("lane-hold"));

    private async Task Tell(string code = NotificationCodes.LaneHeld, string? once = null, bool commit = true)
    {
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        await Notify.Tell(session, profile, code, null, "El canal está en espera.", CancellationToken.None, once);
        if (commit) await session.Commit(CancellationToken.None);
    }

    private Task<List<long?>> Numbers() => app.Services.GetRequiredService<IStore>().Query(
        "select seq from notification where profile_id = @profile order by seq", row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0),
        CancellationToken.None, ("profile", profile));
}
