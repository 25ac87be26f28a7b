using System.Text;
using MassMessaging.Http;

namespace MassMessaging.Clients.Import;

/// <summary>
/// An uploaded file, kept on disk while it is imported: memory stays constant, a slow upload holds no transaction open, and the encoding is
/// known before the first row (the first letter that is not UTF-8 may stand in the last one).
/// </summary>
public sealed class SpooledCsv : IAsyncDisposable
{
    public const long MostBytes = 256L * 1024 * 1024;

    private readonly FileStream file;

    private SpooledCsv(FileStream file) => this.file = file;

    public Encoding Encoding { get; private set; } = Encoding.UTF8;

    /// <exception cref="ProblemException">413 <c>body-too-large</c>.</exception>
    public static async Task<SpooledCsv> Spool(Stream source, CancellationToken ct)
    {
        var spooled = new SpooledCsv(Unnamed());
        try
        {
            await spooled.Fill(source, ct);
            return spooled;
        }
        catch
        {
            await spooled.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads from the start; one reader at a time.</summary>
    public StreamReader OpenText()
    {
        file.Position = 0;
        return new StreamReader(file, Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private async Task Fill(Stream source, CancellationToken ct)
    {
        var utf8 = new Utf8Check();
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await source.ReadAsync(chunk, ct)) > 0)
        {
            if (file.Length + read > MostBytes) throw new ProblemException(Problems.OfStatus(StatusCodes.Status413PayloadTooLarge));

            utf8.Add(chunk.AsSpan(0, read));
            await file.WriteAsync(chunk.AsMemory(0, read), ct);
        }

        // Windows-1252 is Latin-1 with letters where Latin-1 has control characters. A byte order mark wins over both (see OpenText).
        Encoding = utf8.Holds() ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    }

    // Personal data: readable by this user only, and without a name, so that not even a kill leaves it behind.
    private static FileStream Unnamed()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var unnamed = new FileStream(path, options);
        File.Delete(path);
        return unnamed;
    }

    private sealed class Utf8Check
    {
        private readonly Decoder decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        private readonly char[] scratch = new char[64 * 1024 + 4];
        private bool holds = true;

        public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

        public bool Holds()
        {
            Decode([], flush: true);
            return holds;
        }

        private void Decode(ReadOnlySpan<byte> bytes, bool flush)
        {
            if (!holds) return;
            try
            {
                decoder.GetChars(bytes, scratch, flush);
            }
            catch (DecoderFallbackException)
            {
                holds = false;
            }
        }
    }
}
