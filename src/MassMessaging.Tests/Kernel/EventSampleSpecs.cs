using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

/// <summary>
/// The contract with our own past: what was once written must be readable for ever. One sample per event in <c>Snapshots/events</c>, and of
/// an older shape as <c>name.anything.json</c>; rewritten only with UPDATE_SNAPSHOTS=1.
/// </summary>
public sealed class EventSampleSpecs
{
    private static readonly JsonSerializerOptions Indented = new(EventJson.Options) { WriteIndented = true };

    private static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    public static TheoryData<string> WireNames => [.. Registered().Select(type => type.WireName)];

    [Theory]
    [MemberData(nameof(WireNames))]
    public void A_stored_event_is_read_with_every_field_in_its_place(string wireName)
    {
        var type = Registered().Single(type => type.WireName == wireName).ClrType;
        if (IsUpdating) Write(wireName, type);
        var samples = Directory.GetFiles(Folder(), $"{wireName}.*json").Where(file => IsOf(file, wireName)).ToList();
        Assert.True(samples.Count > 0, $"{wireName} has no sample: run with UPDATE_SNAPSHOTS=1 and commit it.");

        foreach (var sample in samples)
        {
            var stored = File.ReadAllText(sample);
            var read = JsonNode.Parse(EventJson.Write(EventJson.Read(type, stored)))!.AsObject();
            foreach (var (field, value) in JsonNode.Parse(stored)!.AsObject())
                Assert.True(JsonNode.DeepEquals(value, read[field]), $"{Path.GetFileName(sample)}: {field} is {value?.ToJsonString()} but was read as {read[field]?.ToJsonString()}.");
        }
    }

    [Fact]
    public void No_sample_is_without_its_event()
    {
        var known = Registered().Select(type => type.WireName).ToHashSet();

        Assert.All(Directory.GetFiles(Folder(), "*.json"), file => Assert.Contains(Path.GetFileName(file).Split('.')[0], known));
    }

    private static IReadOnlyList<EventType> Registered()
    {
        var kernel = new KernelBuilder();
        Features.Declare(kernel);
        return kernel.Events;
    }

    private static void Write(string wireName, Type type) => File.WriteAllText(
        Path.Combine(Folder(), $"{wireName}.json"), JsonSerializer.Serialize(Samples.Of(type), type, Indented) + "\n");

    private static bool IsOf(string file, string wireName) => Path.GetFileName(file).Split('.')[0] == wireName;

    private static string Folder([CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "..", "Snapshots", "events");
        return Directory.CreateDirectory(folder).FullName;
    }
}
