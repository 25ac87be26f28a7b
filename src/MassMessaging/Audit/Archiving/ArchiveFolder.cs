using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace MassMessaging.Audit.Archiving;

/// <summary>
/// Where archives lie (<c>ARCHIVE_FOLDER</c>): compressed proofs, one file for each. A file has its name only when all of it is on the disk
/// and was read back; whatever a kill leaves has another name, and goes with the next archive of the campaign.
/// </summary>
/// <param name="Root">Null: not configured.</param>
public sealed record ArchiveFolder(string? Root)
{
    public const string Setting = "ARCHIVE_FOLDER";

    public static ArchiveFolder From(IConfiguration configuration) =>
        new(configuration[Setting] is { Length: > 0 } root ? Path.GetFullPath(root) : null);

    /// <summary>Answers the file's name below the folder, and its size.</summary>
    /// <exception cref="InvalidDataException">What was read back is not what was written.</exception>
    public async Task<(string File, long Bytes)> Write(AuditLink last, IAsyncEnumerable<IEnumerable<string>> pages, CancellationToken ct)
    {
        var file = Path.Combine($"{last.ProfileId:D}", $"{last.Id:D}-{last.Seq}.ndjson.gz");
        var path = PathOf(file);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        foreach (var left in Directory.EnumerateFiles(folder, $"{last.Id:D}-*.part")) File.Delete(left);

        var part = Path.Combine(folder, $"{last.Id:D}-{Guid.NewGuid():n}.part");
        await using (var disk = new FileStream(part, FileMode.CreateNew, FileAccess.Write))
        {
            await using (var zip = new GZipStream(disk, CompressionLevel.Optimal, leaveOpen: true))
            await using (var text = new StreamWriter(zip, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16))
            {
                await foreach (var lines in pages.WithCancellation(ct))
                    foreach (var line in lines) await text.WriteAsync(line + '\n');
            }

            disk.Flush(flushToDisk: true);
        }

        var verdict = await new ProofCheck(_ => Task.FromResult<LogCursor?>(null)).Run(Lines(part, ct));
        if (verdict is { Valid: false, FirstBad.Problem: not ProofSkip.Skipped } || verdict.Events != last.Place)
            throw new InvalidDataException($"The archive of campaign {last.Id} is not valid: {verdict.FirstBad?.Problem} at event {verdict.FirstBad?.Seq}.");

        File.Move(part, path, overwrite: true);
        FolderEntry.Flush(folder);
        FolderEntry.Flush(Root!); // the profile's first archive made its folder
        return (file, new FileInfo(path).Length);
    }

    /// <summary>The file's lines.</summary>
    /// <exception cref="ArchiveUnreadableException">It is not here, or is damaged.</exception>
    public IAsyncEnumerable<JsonElement> Read(string file, CancellationToken ct)
    {
        if (Root is null || !File.Exists(PathOf(file))) throw new ArchiveUnreadableException("The archive's file is not in this node's ARCHIVE_FOLDER.");

        return Lines(PathOf(file), ct);
    }

    private string PathOf(string file) => Path.Combine(Root!, file);

    private static async IAsyncEnumerable<JsonElement> Lines(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var disk = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        await using var zip = new GZipStream(disk, CompressionMode.Decompress);
        await using var lines = ProofLines.Read(PipeReader.Create(zip), ct).GetAsyncEnumerator(ct);
        while (await Next(lines)) yield return lines.Current;
    }

    private static async Task<bool> Next(IAsyncEnumerator<JsonElement> lines)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Exception damaged) when (damaged is InvalidDataException or ProofFormatException or EndOfStreamException)
        {
            throw new ArchiveUnreadableException("The archive's file is damaged: it cannot be read to its end.");
        }
    }
}

/// <summary>The message is for a person.</summary>
public sealed class ArchiveUnreadableException(string message) : Exception(message);
