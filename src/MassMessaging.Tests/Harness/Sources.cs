using System.Runtime.CompilerServices;

namespace MassMessaging.Tests.Harness;

/// <summary>The repository that these specs were built from: specs of documents and of the code's shape read it.</summary>
public static class Sources
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = new FileInfo(here).Directory;
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MassMessaging.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"MassMessaging.sln is in no folder above {here}.");
    }
}
