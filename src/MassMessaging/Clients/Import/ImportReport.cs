namespace MassMessaging.Clients.Import;

/// <summary>What becomes of a client that the profile has already.</summary>
public enum OnExisting
{
    /// <summary>Only what is empty is filled in; a note is added.</summary>
    Fill,

    /// <summary>Nothing changes.</summary>
    Skip,

    /// <summary>The file's values replace the client's, where the file has one; a note is added.</summary>
    Overwrite,
}

/// <param name="Map">Field to header, where meaning does not tell.</param>
public sealed record ImportOptions(
    bool DryRun = false, OnExisting OnExisting = OnExisting.Fill, IReadOnlyDictionary<ImportField, string>? Map = null);

/// <param name="Rows">Always <c>Created + Updated + Unchanged + Failed</c>.</param>
/// <param name="Errors">The first 1,000; a failed row may have several.</param>
public sealed record ImportReport(int Rows, int Created, int Updated, int Unchanged, int Failed, IReadOnlyList<ImportError> Errors);

internal sealed class ImportTally
{
    private const int MostListed = 1000;

    private readonly List<ImportError> errors = [];

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Unchanged { get; set; }

    public int Failed { get; set; }

    public void List(ImportError error)
    {
        if (errors.Count < MostListed) errors.Add(error);
    }

    public ImportReport Report() => new(Created + Updated + Unchanged + Failed, Created, Updated, Unchanged, Failed, errors);
}
