using System.Text.Encodings.Web;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.OpenApi;

/// <summary>The contract as it was last looked at: a change of it is seen in review. <c>UPDATE_SNAPSHOTS=1</c> writes it anew.</summary>
public sealed class OpenApiSnapshotSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly JsonSerializerOptions Written = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    private static string SnapshotPath => Path.Combine(Sources.Root, "src", "MassMessaging.Tests", "Snapshots", "openapi.json");

    [Fact]
    public async Task The_contract_is_the_one_that_was_reviewed()
    {
        var document = JsonSerializer.Serialize(await app.Anonymous().Get("/openapi/v1.json"), Written) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") await File.WriteAllTextAsync(SnapshotPath, document);

        Assert.Equal(await File.ReadAllTextAsync(SnapshotPath), document);
    }
}
