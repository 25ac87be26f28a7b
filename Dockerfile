# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Packages change rarely: restored in a layer of their own.
COPY global.json .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props ./
COPY src/MassMessaging/MassMessaging.csproj src/MassMessaging/
COPY src/MassMessaging.Kernel/MassMessaging.Kernel.csproj src/MassMessaging.Kernel/
COPY src/MassMessaging.Simulator/MassMessaging.Simulator.csproj src/MassMessaging.Simulator/
RUN dotnet restore src/MassMessaging

COPY docs/api.md docs/
COPY src/MassMessaging src/MassMessaging
COPY src/MassMessaging.Kernel src/MassMessaging.Kernel
COPY src/MassMessaging.Simulator src/MassMessaging.Simulator
RUN dotnet publish src/MassMessaging --configuration Release --no-restore --output /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# The image's own user without privileges; by number, so that an orchestrator can see that it is not root.
USER 1654
ENV ASPNETCORE_URLS=http://+:8080
EXPOSE 8080
# The image has no curl; bash speaks enough HTTP.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
ENTRYPOINT ["dotnet", "MassMessaging.dll"]
