using System.Net;
using System.Text.Json;
using MassMessaging.Audit;

namespace MassMessaging.Tests.Audit;

[Collection(nameof(AuditRun))]
public sealed class ReplaySpecs(AuditRun run)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_event_is_told_once_in_order_and_then_the_end()
    {
        var history = await run.History(run.Campaign);

        var told = await Told(null);

        Assert.Equal(
            history.Select(one => ("event", one.ToString())).Append(("end", $$"""{"seq":{{history[^1].GetProperty("seq")}}}""")),
            told.Select(one => (one.Name, one.Data)));
    }

    [Fact]
    public async Task It_goes_on_behind_what_was_seen_and_is_over_at_the_end()
    {
        var history = await run.History(run.Campaign);
        var (third, last) = (history[2].GetProperty("seq").ToString(), history[^1].GetProperty("seq").ToString());

        Assert.Equal(history[3].ToString(), (await Told(third))[0].Data);
        using var over = await Ask(last);
        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
    }

    [Fact]
    public async Task A_speed_that_is_none_is_refused() =>
        (await run.Advisor.Get($"/api/audit/campaigns/{run.Campaign}/replay?speed=-1")).Is(HttpStatusCode.BadRequest, "validation-failed");

    [Theory]
    [InlineData(1, 1_500, 1_500)]
    [InlineData(10, 1_500, 150)]
    [InlineData(0.5, 1_500, 3_000)]
    [InlineData(1, 3_600_000, 5_000)]
    [InlineData(1_000_000, 1_500, 0)]
    [InlineData(0, 1_500, 0)]
    [InlineData(1, -20, 0)]
    public void A_pause_is_what_it_was_divided_by_the_speed_within_limits(double speed, double was, double now) => Assert.Equal(
        TimeSpan.FromMilliseconds(now), new Replay(null!, TimeProvider.System, speed).Pause(Noon, Noon.AddMilliseconds(was)));

    private async Task<IReadOnlyList<(string Name, string Data)>> Told(string? lastSeen)
    {
        using var answer = await Ask(lastSeen);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Where(block => !block.StartsWith(':')).Select(block => block.Split('\n'))
            .Select(lines => (lines[0]["event: ".Length..], JsonElement.Parse(lines[2]["data: ".Length..]).ToString()))];
    }

    private async Task<HttpResponseMessage> Ask(string? lastSeen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/audit/campaigns/{run.Campaign}/replay?speed=0");
        if (lastSeen is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", lastSeen);
        return await run.Advisor.Http.SendAsync(request);
    }
}
