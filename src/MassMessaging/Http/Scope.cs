namespace MassMessaging.Http;

/// <summary>What a proof of identity lets its holder do in the profile. Who signs in has all of them, an API key those it was given.</summary>
public enum Scope
{
    Read,
    Write,

    /// <summary>To cause messages: send, schedule, resume, try again, test.</summary>
    Send,

    /// <summary>The routes below <c>/api/operations</c>; beyond the own profile they ask for an operator's account besides.</summary>
    Operate,
}

/// <summary>The scope that a route asks for.</summary>
public sealed record NeededScope(Scope Scope);

/// <summary>Marks what only a person who signed in may do, with no API key whatever its scopes: the account itself, and keys.</summary>
public sealed record NotForKeys;

public static class ScopedRoutes
{
    /// <summary>Once per group of routes: who reads needs <c>read</c>, who changes <c>write</c>, unless a route says otherwise.</summary>
    public static RouteGroupBuilder ScopedByMethod(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (endpoint.Metadata.Any(item => item is NeededScope or Http.NotForKeys)) return;

            var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            endpoint.Metadata.Add(new NeededScope(methods.All(HttpMethods.IsGet) && methods.Count > 0 ? Scope.Read : Scope.Write));
        });
        return group;
    }

    public static TBuilder Needs<TBuilder>(this TBuilder route, Scope scope)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NeededScope(scope));

    public static TBuilder NotForKeys<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NotForKeys());
}
