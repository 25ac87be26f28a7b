using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

public sealed class AssistantMeterSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Generations_their_time_and_their_tokens_are_measured()
    {
        var measured = new ConcurrentBag<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == "MassMessaging.Assistant") own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => measured.Add($"{instrument.Name} {Named(tags)}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Add($"{instrument.Name} {Named(tags)}"));
        listener.Start();

        var advisor = await Asks.Anybody(app);
        var profile = (await advisor.Get("/api/profile")).Id;
        (await advisor.Post(Asks.Generate, Asks.Objective("medir"))).Is(HttpStatusCode.OK);

        Assert.All(
            (string[])
            [
                "massmessaging.assistant.generations generate accepted other warm", "massmessaging.assistant.duration generate accepted",
                $"massmessaging.assistant.tokens prompt gpt-4o {profile}", $"massmessaging.assistant.tokens completion gpt-4o {profile}",
            ],
            name => Assert.Contains(name, measured));
    }

    private static string Named(ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.ToArray().Select(tag => tag.Value));
}
