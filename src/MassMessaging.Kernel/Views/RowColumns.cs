using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// The columns of a positional record: its constructor's parameters, in snake_case. Compiled once per view, so that a row costs no reflection.
/// </summary>
internal sealed class RowColumns
{
    private readonly Func<DbDataReader, object> read;
    private readonly Func<object, object?>? profile;
    private readonly Func<object, object?>? id;

    private RowColumns(IReadOnlyList<RowColumn> columns, Func<DbDataReader, object> read)
    {
        this.read = read;
        Columns = columns;
        profile = columns.FirstOrDefault(column => column.Name == "profile_id")?.Value;
        id = columns.FirstOrDefault(column => column.Name == "id")?.Value;
        List = string.Join(", ", columns.Select(column => column.Name));
        Unnest = string.Join(", ", columns.Select(column => $"@{column.Name}::{column.PostgresType}[]"));
    }

    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary><c>profile_id, id, …</c></summary>
    public string List { get; }

    /// <summary><c>@profile_id::uuid[], …</c></summary>
    public string Unnest { get; }

    public static RowColumns Of<TRow>()
        where TRow : class
    {
        var constructor = typeof(TRow).GetConstructors().MaxBy(candidate => candidate.GetParameters().Length)!;
        var columns = constructor.GetParameters().Select(parameter => RowColumn.Of<TRow>(parameter.Name!)).ToList();
        return new RowColumns(columns, Reader<TRow>(constructor));
    }

    public object Read(DbDataReader reader) => read(reader);

    /// <summary>Of a row view's row.</summary>
    public StreamKey Key(object row) => new((Guid)profile!(row)!, (Guid)id!(row)!);

    public void AddArrays(NpgsqlParameterCollection parameters, IReadOnlyList<object> rows)
    {
        foreach (var column in Columns) parameters.Add(column.Array(rows));
    }

    /// <summary>Every column in its order.</summary>
    public void Copy(object row, CopyBuffer buffer)
    {
        foreach (var column in Columns) column.Copy(row, buffer);
    }

    private static Func<DbDataReader, object> Reader<TRow>(ConstructorInfo constructor)
    {
        var reader = Expression.Parameter(typeof(DbDataReader));
        var values = constructor.GetParameters().Select((parameter, place) => ColumnTypes.Read(reader, place, parameter.ParameterType));
        return Expression.Lambda<Func<DbDataReader, object>>(Expression.New(constructor, values), reader).Compile();
    }
}

/// <param name="Array">The column of many rows, as the array parameter of an <c>unnest</c>.</param>
/// <param name="Copy">The column of one row, into a COPY.</param>
internal sealed record RowColumn(
    string Name, Type Type, string PostgresType, Func<object, object?> Value, Func<IReadOnlyList<object>, NpgsqlParameter> Array,
    Action<object, CopyBuffer> Copy)
{
    public static RowColumn Of<TRow>(string parameter)
    {
        var property = typeof(TRow).GetProperty(parameter)
            ?? throw new InvalidOperationException($"{typeof(TRow)} is no positional record: {parameter} is no property.");
        var row = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(row, typeof(TRow)), property);
        var boxed = Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), row).Compile();
        var name = Arguments.Snake(parameter);
        var (postgresType, array, copy) = ColumnTypes.Array(name, property.PropertyType, row, value);
        return new RowColumn(name, property.PropertyType, postgresType, boxed, array, copy);
    }
}

/// <summary>Of records that are no view's: made once a type.</summary>
internal static class RowColumns<TRow>
    where TRow : class
{
    public static RowColumns All { get; } = RowColumns.Of<TRow>();
}
