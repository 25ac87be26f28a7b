using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

/// <summary>
/// The contract with our own past: what was once written must be readable for ever. One sample per event in <c>Snapshots/events</c>, of an
/// older shape with the same version as <c>name.anything.json</c>, of each older version as <c>name.v1.json</c>; only the first is rewritten,
/// with UPDATE_SNAPSHOTS=1.
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
        var samples = Directory.GetFiles(Folder(), $"{wireName}.*json").Where(file => IsOf(file, wireName) && OlderVersion(file) is null).ToList();
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
    public void Every_older_version_of_an_event_has_its_sample_and_is_read_as_the_one_of_today()
    {
        var registry = new EventRegistry(Registered());
        foreach (var type in Registered().Where(type => type.Version > 1))
        {
            foreach (var version in Enumerable.Range(1, type.Version - 1))
            {
                var sample = Path.Combine(Folder(), $"{type.WireName}.v{version}.json");
                Assert.True(File.Exists(sample), $"{Path.GetFileName(sample)} is missing: keep the sample of before the change under that name.");
                Assert.IsType(type.ClrType, registry.Read(type.NameOf(version), File.ReadAllText(sample)));
            }
        }
    }

    [Fact]
    public void What_a_person_said_of_a_doubt_is_read_in_both_its_versions()
    {
        var registry = new EventRegistry(Registered());
        var (older, today) = (File.ReadAllText(Path.Combine(Folder(), "doubt_resolved.v1.json")), File.ReadAllText(Path.Combine(Folder(), "doubt_resolved.json")));

        Assert.Contains("verdict", older, StringComparison.Ordinal);
        Assert.Contains("outcome", today, StringComparison.Ordinal);
        Assert.Equal(registry.Read("doubt_resolved_v2", today), registry.Read("doubt_resolved", older));
        Assert.Equal(("doubt_resolved", "doubt_resolved_v2"), Registered().Where(type => type.WireName == "doubt_resolved").Select(type => (type.WireName, type.StoredName)).Single());
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

    /// <summary>Null: of today's version.</summary>
    private static string? OlderVersion(string file) =>
        Path.GetFileName(file).Split('.') is [_, ['v', .. var number], _] && int.TryParse(number, out _) ? number : null;

    private static bool IsOf(string file, string wireName) => Path.GetFileName(file).Split('.')[0] == wireName;

    private static string Folder([CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "..", "Snapshots", "events");
        return Directory.CreateDirectory(folder).FullName;
    }
}
