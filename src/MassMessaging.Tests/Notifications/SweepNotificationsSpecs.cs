using MassMessaging.Notifications;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Notifications;

public sealed class SweepNotificationsSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task What_is_older_than_90_days_is_removed()
    {
        var told = await Told.By(app);
        await told.Tell(["old", "recent"]);
        await app.Database.Execute("update notification set at = at - interval '91 days' where text = 'old'");
        await app.Database.Execute("update notification set at = at - interval '89 days' where text = 'recent'");

        await app.Services.GetRequiredService<SweepNotifications>().RunOnce(CancellationToken.None);

        Assert.Equal(["recent"], (await told.Advisor.Get("/api/notifications")).Body.EnumerateArray().Select(row => row.GetProperty("text").GetString()));
    }
}
