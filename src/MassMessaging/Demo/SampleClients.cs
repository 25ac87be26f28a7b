namespace MassMessaging.Demo;

/// <summary>A real-looking export with everything that goes wrong in one; docs/sample-data.md says what an import makes of it.</summary>
public static class SampleClients
{
    public const string FileName = "clients-1000.csv";

    public static Stream Open() => typeof(SampleClients).Assembly.GetManifestResourceStream($"Demo.{FileName}")!;
}
