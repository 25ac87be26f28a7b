using MassMessaging.Http;

namespace MassMessaging.Clients.Import;

public enum ImportField
{
    Name,
    Surname,
    Phone,
    Email,
    Label,
    Note,
}

/// <summary>The column of each field: as the caller mapped it, else by what its header means in Spanish, Portuguese or English.</summary>
/// <param name="Of">Index of the field's column.</param>
/// <param name="Count">Columns of the header.</param>
/// <param name="Unknown">Headers that the caller's map names and the file has not.</param>
public sealed record ImportColumns(IReadOnlyDictionary<ImportField, int> Of, int Count, IReadOnlyList<string> Unknown)
{
    // In order of preference: a mobile number before any number. In this order of fields, too: "correo del cliente" is no name.
    private static readonly (ImportField Field, string[] Headers)[] meanings =
    [
        (ImportField.Email, ["correo electronico", "email", "e mail", "correo", "mail", "email address", "e mail address", "e mail 1 value",
            "endereco de email"]),
        (ImportField.Phone, ["whatsapp", "celular", "telefono celular", "movil", "telefono movil", "telemovel", "mobile", "mobile phone",
            "cell phone", "cellphone", "cell", "telefono", "telefone", "phone", "phone number", "phone 1 value", "telephone", "fone",
            "tel", "numero"]),
        (ImportField.Note, ["nota", "notas", "note", "notes", "comentario", "comentarios", "comment", "comments", "observacion",
            "observaciones", "observacao", "observacoes", "anotacion", "anotaciones", "anotacao", "anotacoes", "remarks"]),
        (ImportField.Label, ["etiqueta", "etiquetas", "label", "labels", "rotulo", "segmento", "segment", "categoria", "category", "tipo",
            "type", "tag", "tags", "grupo", "group", "clasificacion", "classificacao"]),
        (ImportField.Surname, ["apellido", "apellidos", "sobrenome", "surname", "last name", "family name"]),
        (ImportField.Name, ["nombre completo", "nome completo", "full name", "nombre y apellido", "nombre y apellidos", "nombre",
            "nombres", "nome", "name", "first name", "given name", "display name", "cliente", "client", "customer", "contacto", "contato",
            "contact"]),
    ];

    public bool Has(ImportField field) => Of.ContainsKey(field);

    /// <param name="header">The file's first record.</param>
    /// <param name="map">Field to header, from the caller; it wins over meaning.</param>
    public static ImportColumns Match(IReadOnlyList<string> header, IReadOnlyDictionary<ImportField, string> map)
    {
        var names = header.Select(Normal).ToList();
        var found = new Dictionary<ImportField, int>();
        foreach (var (field, title) in map.Where(entry => names.Contains(Normal(entry.Value)))) found[field] = names.IndexOf(Normal(title));
        var unknown = map.Where(entry => !found.ContainsKey(entry.Key)).Select(entry => entry.Value).ToList();

        // First by the whole header, then by a word in it ("número de WhatsApp").
        foreach (var means in (Func<string, string, bool>[])[string.Equals, Mentions])
        {
            foreach (var (field, meant) in meanings.Where(meaning => !found.ContainsKey(meaning.Field) && !map.ContainsKey(meaning.Field)))
            {
                var free = Enumerable.Range(0, names.Count).Where(index => !found.ContainsValue(index));
                var match = meant.SelectMany(title => free.Where(index => means(names[index], title))).Cast<int?>().FirstOrDefault();
                if (match is { } index) found[field] = index;
            }
        }

        // A surname is joined to a first name; a map that names the name names all of it.
        var isWhole = found.TryGetValue(ImportField.Name, out var at)
            && (Mentions(names[at], "full") || names[at].Contains("complet", StringComparison.Ordinal));
        if (isWhole || map.ContainsKey(ImportField.Name)) found.Remove(ImportField.Surname);
        return new ImportColumns(found, header.Count, unknown);
    }

    public string Cell(IReadOnlyList<string> cells, ImportField field) =>
        Of.TryGetValue(field, out var index) && index < cells.Count ? Csv.Plain(cells[index]) : "";

    /// <exception cref="ProblemException">400 <c>column-missing</c>, naming every field whose column is not there.</exception>
    public void ThrowIfMissing()
    {
        var wrong = new WrongFields();
        foreach (var header in Unknown) wrong.Add("map", $"names the column '{header}', which the file does not have", "column-missing");
        if (!Has(ImportField.Name)) wrong.Add("name", "has no column in the file: name one with ?map=name:<header>", "column-missing");
        if (!Has(ImportField.Phone)) wrong.Add("phone", "has no column in the file: name one with ?map=phone:<header>", "column-missing");
        if (wrong.Any) throw new ProblemException(wrong.ToProblem());
    }

    private static bool Mentions(string name, string meaning) => $" {name} ".Contains($" {meaning} ", StringComparison.Ordinal);

    private static string Normal(string header) =>
        SearchText.OneLine(string.Concat(SearchText.Fold(header).Select(character => char.IsLetterOrDigit(character) ? character : ' ')));
}
