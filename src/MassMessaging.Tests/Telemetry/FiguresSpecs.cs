namespace MassMessaging.Tests.Telemetry;

[Collection(nameof(CampaignRun))]
public sealed class FiguresSpecs(CampaignRun run)
{
    [Theory]
    [InlineData("massmessaging.messages.sent", "{message}", "campaign profile")]
    [InlineData("massmessaging.messages.delivered", "{message}", "campaign profile")]
    [InlineData("massmessaging.message.send.duration", "s", "profile")]
    [InlineData("massmessaging.campaign.completion", "{campaign}", "profile status")]
    [InlineData("massmessaging.assistant.generations", "{request}", "kind objective outcome tone")]
    [InlineData("massmessaging.assistant.duration", "s", "kind outcome")]
    [InlineData("massmessaging.assistant.tokens", "{token}", "direction model profile")]
    [InlineData("massmessaging.queue.length", "{message}", "queue state")]
    [InlineData("massmessaging.queue.age", "s", "queue")]
    [InlineData("massmessaging.queue.dead_letters", "{message}", "queue")]
    [InlineData("massmessaging.queue.processing", "s", "outcome queue type")]
    [InlineData("massmessaging.view.lag", "{event}", "view")]
    [InlineData("massmessaging.view.age", "s", "view")]
    [InlineData("massmessaging.view.stopped", "{view}", "view")]
    [InlineData("massmessaging.messages.in_doubt", "{message}", "")]
    [InlineData("massmessaging.gateway.duration", "s", "gateway outcome")]
    [InlineData("massmessaging.webhooks.received", "{webhook}", "")]
    public void A_figure_arrives_with_its_unit_and_tags(string name, string unit, string tags)
    {
        var points = run.Points.Where(point => point.Name == name).ToList();

        Assert.NotEmpty(points);
        Assert.All(points, point => Assert.Equal((unit, tags), (point.Unit, string.Join(' ', point.Tags.Keys.Order(StringComparer.Ordinal)))));
    }

    [Fact]
    public void Database_time_is_what_the_driver_measures() => Assert.Contains(
        run.Points, point => point is { Name: "massmessaging.db.duration", Unit: "s", Count: > 0 });

    [Fact]
    public void Delivery_rate_send_time_and_completion_rate_can_be_derived()
    {
        double Last(string name) => run.Points.Where(point => point.Name == name && point.Tags["profile"] == run.Profile.ToString()).Max(point => point.Sum);

        Assert.Equal(1.0, Last("massmessaging.messages.delivered") / Last("massmessaging.messages.sent"));
        Assert.Equal(2, run.Points.Where(point => point.Name == "massmessaging.message.send.duration" && point.Tags["profile"] == run.Profile.ToString()).Max(point => point.Count));
        Assert.Contains(
            run.Points,
            point => point.Name == "massmessaging.campaign.completion" && point.Tags["profile"] == run.Profile.ToString() && point.Tags["status"] == "sent");
    }

    [Fact]
    public void An_objective_and_a_tone_are_told_as_common_words_only() => Assert.Contains(
        run.Points, point => point.Name == "massmessaging.assistant.generations" && point.Tags["objective"] == "reminder" && point.Tags["tone"] == "warm");
}
