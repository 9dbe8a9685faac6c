// Gets a token with golang.org/x/oauth2, refreshes it, and verifies a member with each:
// oauth-client API CLIENT_ID CLIENT_SECRET.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: oauth-client API CLIENT_ID CLIENT_SECRET")
	}
	api, id, secret := os.Args[1], os.Args[2], os.Args[3]
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	credentials := clientcredentials.Config{ClientID: id, ClientSecret: secret, TokenURL: api + "/oauth/token"}
	first, err := credentials.Token(ctx)
	if err != nil {
		log.Fatal(err)
	}
	verify(ctx, api, first)
	config := oauth2.Config{ClientID: id, ClientSecret: secret, Endpoint: oauth2.Endpoint{TokenURL: api + "/oauth/token"}}
	expired := &oauth2.Token{RefreshToken: first.RefreshToken, Expiry: time.Now().Add(-time.Hour)}
	second, err := config.TokenSource(ctx, expired).Token()
	if err != nil {
		log.Fatal(err)
	}
	if second.AccessToken == first.AccessToken {
		log.Fatal("a refreshed token is the same")
	}
	verify(ctx, api, second)
	fmt.Println("golang.org/x/oauth2 got a token, refreshed it, and verified a member with each")
}

func verify(ctx context.Context, api string, token *oauth2.Token) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, api+"/member-verification?memberIdentifier=CYSA-1001", nil)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := oauth2.NewClient(ctx, oauth2.StaticTokenSource(token)).Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	var member struct{ IsValid bool }
	if err := json.NewDecoder(answer.Body).Decode(&member); err != nil || answer.StatusCode != 200 || !member.IsValid {
		log.Fatalf("a member is not verified: %s, %v", answer.Status, err)
	}
}
