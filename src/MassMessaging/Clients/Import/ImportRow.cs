namespace MassMessaging.Clients.Import;

/// <summary>A row that can be written; what its file left empty is null.</summary>
public sealed record ImportRow(int Row, string Name, string Phone, string? Email, ClientLabel? Label, string? Note);

/// <param name="Row">Counts records from 1, without the header.</param>
/// <param name="Field">Null if the row as a whole is wrong.</param>
public sealed record ImportError(int Row, string? Field, string Code, string Message);

/// <summary>Reads one record by the rules of creating a client.</summary>
public static class ImportRowReader
{
    private static readonly Dictionary<string, ClientLabel> labels = new()
    {
        ["consumidor"] = ClientLabel.Consumidor, ["consumidora"] = ClientLabel.Consumidor,
        ["prospecto"] = ClientLabel.Prospecto, ["prospecta"] = ClientLabel.Prospecto,
        ["afiliado"] = ClientLabel.Afiliado, ["afiliada"] = ClientLabel.Afiliado,
    };

    /// <summary>The row, or null after everything that is wrong with it was told to <paramref name="wrong"/>.</summary>
    public static ImportRow? Read(CsvRecord record, ImportColumns columns, string country, Action<ImportError> wrong)
    {
        var isWrong = false;
        if (Whole(record, columns) is { } broken)
        {
            Wrong(null, "row-broken", broken);
            return null;
        }

        var row = new ImportRow(
            record.Number, Name(), Phone(), Email(), Label(), Text(ImportField.Note, ClientNotesEndpoint.LongestNote, text => text.Trim()));
        return isWrong ? null : row;

        string Name()
        {
            var name = Text(ImportField.Name, Client.LongestName, _ => FullName(record, columns));
            if (name is null) Wrong("name", "name-required", "The row has no name.");
            return name ?? "";
        }

        string Phone()
        {
            // Spreadsheets mark a number kept as text with an apostrophe, and end a number kept as a number in .0
            var cell = columns.Cell(record.Cells, ImportField.Phone).Trim().TrimStart('\'');
            if (cell.EndsWith(".0", StringComparison.Ordinal)) cell = cell[..^2];
            if (string.IsNullOrWhiteSpace(cell)) Wrong("phone", "phone-required", "The row has no phone number.");
            else if (PhoneNumber.TryParse(cell, country, out var phone)) return phone;
            else Wrong("phone", "phone-invalid", "Not a phone number with a known calling code and the right number of digits.");
            return "";
        }

        string? Email()
        {
            var email = columns.Cell(record.Cells, ImportField.Email).Trim();
            if (email.Length > 0 && !ClientFields.IsEmail(email)) Wrong("email", "email-invalid", "Not an e-mail address.");
            return email.Length > 0 ? email : null;
        }

        ClientLabel? Label()
        {
            var cell = SearchText.Fold(columns.Cell(record.Cells, ImportField.Label));
            if (cell.Length == 0) return null;
            if (labels.TryGetValue(cell, out var label)) return label;

            Wrong("label", "label-unknown", "The label is none of consumidor, prospecto, afiliado.");
            return null;
        }

        string? Text(ImportField field, int longest, Func<string, string> clean)
        {
            var text = clean(columns.Cell(record.Cells, field));
            var name = field == ImportField.Name ? "name" : "note";
            if (text.EnumerateRunes().Count() > longest) Wrong(name, $"{name}-too-long", $"The {name} has more than {longest} characters.");
            return text.Length > 0 ? text : null;
        }

        void Wrong(string? field, string code, string message)
        {
            isWrong = true;
            wrong(new ImportError(record.Number, field, code, message));
        }
    }

    private static string? Whole(CsvRecord record, ImportColumns columns) => record switch
    {
        { Broken: { } broken } => broken,
        _ when record.Cells.Skip(columns.Count).Any(cell => !string.IsNullOrWhiteSpace(cell)) =>
            $"The row has {record.Cells.Count} columns and the header {columns.Count}: a delimiter within a field needs quotes around it.",
        _ when record.Cells.Any(cell => cell.Contains('\0', StringComparison.Ordinal)) => "The row contains U+0000.",
        _ => null,
    };

    private static string FullName(CsvRecord record, ImportColumns columns) =>
        SearchText.OneLine($"{columns.Cell(record.Cells, ImportField.Name)} {columns.Cell(record.Cells, ImportField.Surname)}");
}
