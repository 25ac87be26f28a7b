using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <summary>The types that a view's column may have, and their nullable forms. Enums are snake_case text, instants UTC.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<Type, (string Postgres, NpgsqlDbType Driver)> Plain = new()
    {
        [typeof(Guid)] = ("uuid", NpgsqlDbType.Uuid),
        [typeof(string)] = ("text", NpgsqlDbType.Text),
        [typeof(int)] = ("integer", NpgsqlDbType.Integer),
        [typeof(long)] = ("bigint", NpgsqlDbType.Bigint),
        [typeof(bool)] = ("boolean", NpgsqlDbType.Boolean),
        [typeof(double)] = ("double precision", NpgsqlDbType.Double),
        [typeof(DateTimeOffset)] = ("timestamptz", NpgsqlDbType.TimestampTz),
        [typeof(byte[])] = ("bytea", NpgsqlDbType.Bytea),
    };

    private static readonly MethodInfo FieldValue = typeof(DbDataReader).GetMethod(nameof(DbDataReader.GetFieldValue))!;

    /// <summary>An expression that reads one column as the property's type.</summary>
    public static Expression Read(Expression reader, int place, Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var at = Expression.Constant(place);
        Expression value = bare.IsEnum
            ? Expression.Call(typeof(EnumText<>).MakeGenericType(bare), nameof(EnumText<DayOfWeek>.Parse), null, Get(typeof(string)))
            : Get(bare);
        return Expression.Condition(
            Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, at), Expression.Default(type), Expression.Convert(value, type));

        Expression Get(Type stored) => Expression.Call(reader, FieldValue.MakeGenericMethod(stored), at);
    }

    /// <summary>The column's SQL type, how to make its array parameter of many rows, and how to write it into a COPY.</summary>
    public static (string Postgres, Func<IReadOnlyList<object>, NpgsqlParameter> Array, Action<object, CopyBuffer> Copy) Array(
        string name, Type type, ParameterExpression row, Expression value)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsEnum) value = Expression.Call(typeof(EnumText<>).MakeGenericType(bare), nameof(EnumText<DayOfWeek>.Format), null, AsNullable(value, bare));
        if (bare == typeof(DateTimeOffset)) value = Expression.Call(typeof(ColumnTypes), nameof(Utc), null, AsNullable(value, bare));

        var stored = value.Type;
        if (!Plain.TryGetValue(Nullable.GetUnderlyingType(stored) ?? stored, out var column))
            throw new InvalidOperationException($"A view's column cannot be a {type}.");

        var get = Expression.Lambda(value, row).Compile();
        var parameter = Generic(nameof(Parameter), stored).CreateDelegate<Func<string, NpgsqlDbType, Delegate, IReadOnlyList<object>, NpgsqlParameter>>();
        var copy = Generic(nameof(Copier), stored).CreateDelegate<Func<Delegate, Action<object, CopyBuffer>>>();
        return (column.Postgres, rows => parameter(name, column.Driver, get, rows), copy(get));
    }

    private static MethodInfo Generic(string method, Type stored) =>
        typeof(ColumnTypes).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(stored);

    private static Action<object, CopyBuffer> Copier<TStored>(Delegate get)
    {
        var read = (Func<object, TStored>)get;
        return (row, buffer) => buffer.Field(read(row));
    }

    private static UnaryExpression AsNullable(Expression value, Type bare) =>
        Expression.Convert(value, typeof(Nullable<>).MakeGenericType(bare));

    private static DateTimeOffset? Utc(DateTimeOffset? at) => at?.ToUniversalTime();

    private static NpgsqlParameter Parameter<TStored>(string name, NpgsqlDbType type, Delegate get, IReadOnlyList<object> rows)
    {
        var read = (Func<object, TStored>)get;
        var values = new TStored[rows.Count];
        for (var place = 0; place < values.Length; place++) values[place] = read(rows[place]);
        return new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values };
    }
}

internal static class EnumText<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(value => Arguments.Snake(value.ToString()));

    private static readonly Dictionary<T, string> Texts = Values.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static T Parse(string text) => Values[text];

    public static string? Format(T? value) => value is { } some ? Texts[some] : null;
}
